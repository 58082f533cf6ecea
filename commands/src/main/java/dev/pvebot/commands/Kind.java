package dev.pvebot.commands;

import java.util.Locale;

/// What kind of value a parameter takes, finer than [Catalog.Type], which the outside sees.
enum Kind {
  PROFILE(Catalog.Type.PROFILE),
  NODE(Catalog.Type.NODE),
  VM(Catalog.Type.VM),
  VMS(Catalog.Type.VMS),
  NEWVM(Catalog.Type.VM),
  TEMPLATE(Catalog.Type.TEMPLATE),
  /// A tag that selects VMs.
  TAG(Catalog.Type.TAG),
  /// A tag that selects VMs where the command itself is about tags: only "all vms tagged x".
  SELECT(Catalog.Type.TAG),
  TAGLIST(Catalog.Type.TEXT),
  NAME(Catalog.Type.NAME),
  TEXT(Catalog.Type.TEXT),
  INTEGER(Catalog.Type.INTEGER),
  MEMORY(Catalog.Type.MEMORY),
  SIZE(Catalog.Type.SIZE),
  CIDR(Catalog.Type.CIDR),
  DISK(Catalog.Type.DISK),
  STORAGE(Catalog.Type.STORAGE),
  VERSION(Catalog.Type.VERSION),
  BOOLEAN(Catalog.Type.BOOLEAN),
  DURATION(Catalog.Type.DURATION),
  OPERATION(Catalog.Type.OPERATION),
  UPID(Catalog.Type.UPID),
  URL(Catalog.Type.URL),
  STATE(Catalog.Type.TEXT),
  SOURCE(Catalog.Type.TEXT),
  ASPECT(Catalog.Type.TEXT),
  SERVICE(Catalog.Type.TEXT),
  EXTENSIONS(Catalog.Type.TEXT),
  SINCE(Catalog.Type.TEXT),
  KEEP(Catalog.Type.TEXT),
  DIGEST(Catalog.Type.TEXT),
  REASON(Catalog.Type.TEXT),
  /// Every `KEY=value` that is no parameter's, for example the keys of a profile.
  SETTINGS(Catalog.Type.TEXT),
  PLAYBOOK(Catalog.Type.NAME),
  RUNBOOK(Catalog.Type.NAME);

  private final Catalog.Type type;

  Kind(Catalog.Type type) {
    this.type = type;
  }

  Catalog.Type type() {
    return type;
  }

  static Kind parse(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }

  static Kind of(Catalog.Type type) {
    for (Kind kind : values()) {
      if (kind.name().equals(type.name())) {
        return kind;
      }
    }
    return TEXT;
  }
}
