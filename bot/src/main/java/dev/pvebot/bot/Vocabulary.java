package dev.pvebot.bot;

import dev.pvebot.clusters.site.ClusterProfile;
import dev.pvebot.clusters.site.Site;
import dev.pvebot.commands.BuiltIns;
import dev.pvebot.commands.Catalog;
import dev.pvebot.runbooks.format.Library;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// What can be said on a site: its names, and the commands of the library.
public final class Vocabulary {
  private Vocabulary() {}

  public static Catalog of(Site site, Library library) {
    return new Catalog(
        BuiltIns.with(library.toCatalogEntries()),
        clusters(site.profiles()),
        site.nodes().stream().map(node -> node.name().value()).collect(Collectors.toSet()));
  }

  private static Map<String, Set<String>> clusters(List<ClusterProfile> profiles) {
    Map<String, Set<String>> clusters = new TreeMap<>();
    for (ClusterProfile profile : profiles) {
      clusters.put(
          profile.name().value(),
          profile.aliases().stream().map(Object::toString).collect(Collectors.toSet()));
    }
    return clusters;
  }
}
