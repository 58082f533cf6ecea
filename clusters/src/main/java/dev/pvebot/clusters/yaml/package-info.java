/// The one way in which this program reads YAML: strict, with the line of every fault, all faults
/// at once.
///
/// Start at [dev.pvebot.clusters.yaml.YamlReader], which makes a
/// [dev.pvebot.clusters.yaml.YamlNode] of a text or file, then at [dev.pvebot.clusters.yaml.Shape]
/// and [dev.pvebot.clusters.yaml.Fields], which make values of nodes. Bytes and text go in, values
/// and [problems][dev.pvebot.clusters.yaml.Problem] come out; nothing here throws for what a person
/// wrote, and nothing here knows what the keys mean.
///
/// It stands on SnakeYAML's event stream and not on Jackson's, which sits on the same events but
/// keeps tags and anchors of keys, and the style of scalars, to itself: what cannot be seen cannot
/// be refused.
@NullMarked
package dev.pvebot.clusters.yaml;

import org.jspecify.annotations.NullMarked;
