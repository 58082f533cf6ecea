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
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
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

  /// The same for a site that changes: one catalog for as long as the site is one.
  static Supplier<Catalog> of(Supplier<Site> site, Library library) {
    AtomicReference<Written> written = new AtomicReference<>(written(site.get(), library));
    return () -> {
      Site now = site.get();
      return written
          .updateAndGet(before -> before.site() == now ? before : written(now, library))
          .catalog();
    };
  }

  private record Written(Site site, Catalog catalog) {}

  private static Written written(Site site, Library library) {
    return new Written(site, of(site, library));
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
