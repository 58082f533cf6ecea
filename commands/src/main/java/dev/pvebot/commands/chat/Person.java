package dev.pvebot.commands.chat;

/// Somebody of the identity map, the same on every platform.
///
/// @param id the key in `pvebot.yaml`, for example `alice`
public record Person(String id) implements Comparable<Person> {
  public Person {
    if (!id.matches("[a-z0-9][a-z0-9._-]{0,62}")) {
      throw new IllegalArgumentException(
          "'%s' is no person's id; expected lower-case letters, digits, dot, underscore, hyphen"
              .formatted(id));
    }
  }

  @Override
  public int compareTo(Person other) {
    return id.compareTo(other.id);
  }

  @Override
  public String toString() {
    return id;
  }
}
