/// What every chat platform promises, as tests that run against each adapter.
package dev.pvebot.integrations.contract;
