/// The Kubernetes API of a simulated cluster: its objects, what its controllers make of them, and
/// the HTTP that clients speak. Start reading in [KubeCluster].
@NullMarked
package dev.pvebot.integrations.lab.kubernetes;

import org.jspecify.annotations.NullMarked;
