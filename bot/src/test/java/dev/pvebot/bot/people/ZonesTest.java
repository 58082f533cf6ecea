package dev.pvebot.bot.people;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pvebot.commands.chat.Person;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ZonesTest {
  private static final Instant NOW = Instant.parse("2026-03-02T14:01:00Z");
  private static final Person ALICE = new Person("alice");
  private static final Person CAROL = new Person("carol");
  private static final ZoneId UTC = ZoneId.of("UTC");

  @Test
  void everybodyReadsTheirOwnTime_withItsNameWhereThereAreSeveral() {
    Zones zones =
        new Zones(UTC, Map.of(CAROL, ZoneId.of("America/New_York")), InstantSource.fixed(NOW));

    assertThat(zones.time(NOW, CAROL)).isEqualTo("09:01 EST");
    assertThat(zones.time(NOW, ALICE)).isEqualTo("14:01 UTC");
    assertThat(zones.time(NOW)).isEqualTo("14:01 UTC");
  }

  @Test
  void aSiteWithOneZone_isNotToldItsName() {
    Zones zones = new Zones(UTC, Map.of(CAROL, UTC), InstantSource.fixed(NOW));

    assertThat(zones.time(NOW, CAROL)).isEqualTo("14:01");
  }

  @Test
  void anotherDayIsNamed_byTheReadersCalendar() {
    Zones zones = new Zones(UTC, Map.of(CAROL, ZoneId.of("Asia/Tokyo")), InstantSource.fixed(NOW));

    assertThat(zones.time(Instant.parse("2026-03-02T23:30:00Z"), ALICE)).isEqualTo("23:30 UTC");
    assertThat(zones.time(Instant.parse("2026-03-02T23:30:00Z"), CAROL)).isEqualTo("Tue 08:30 JST");
    assertThat(zones.time(Instant.parse("2026-03-12T07:00:00Z"), ALICE))
        .isEqualTo("2026-03-12 07:00 UTC");
  }
}
