/// The site and its cluster profiles: what `cluster-config.yaml` and the profiles beside it say,
/// read and checked.
///
/// Start at [dev.pvebot.clusters.site.SiteReader]. What comes out of it, a
/// [dev.pvebot.clusters.site.Site] with its [profiles][dev.pvebot.clusters.site.ClusterProfile], is
/// valid as a whole: defaults are filled in, numbers have units, and no two profiles are in each
/// other's way. The keys are explained in `clusters/README.md`.
@NullMarked
package dev.pvebot.clusters.site;

import org.jspecify.annotations.NullMarked;
