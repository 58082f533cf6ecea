/// The journal on SQLite (one process, a file) and on PostgreSQL (several replicas), by the same
/// code. Start reading at [dev.pvebot.integrations.store.Store]; where the two differ is in
/// `Dialect`.
@NullMarked
package dev.pvebot.integrations.store;

import org.jspecify.annotations.NullMarked;
