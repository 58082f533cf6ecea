/// Tests of the image factory.
@org.jspecify.annotations.NullMarked
package dev.pvebot.integrations.lab.factory;
