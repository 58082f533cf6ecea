/// Git, as far as files of the site are kept in it: [dev.pvebot.integrations.git.GitFolder] commits
/// one file and tells what is committed, [dev.pvebot.integrations.git.TextDiff] shows what changes.
///
/// It stands on JGit, so that no `git` has to be installed where pvebot runs. Nothing is pushed and
/// nothing is fetched: what leaves the machine is the site's own business.
@NullMarked
package dev.pvebot.integrations.git;

import org.jspecify.annotations.NullMarked;
