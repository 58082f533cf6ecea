package dev.pvebot.integrations.lab.talos;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Empty;
import dev.pvebot.integrations.lab.talos.proto.machine.ApplyConfigurationRequest.Mode;
import dev.pvebot.integrations.lab.wire.Json;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;

/// The Kubernetes API of a cluster, over TLS with certificates of its own authority.
final class KubernetesTest {
  private static final String WEB =
      """
      {"metadata":{"name":"web","namespace":"default"},
       "spec":{"replicas":2,
         "selector":{"matchLabels":{"app":"web"}},
         "template":{"metadata":{"labels":{"app":"web"}},
           "spec":{"containers":[{"name":"web","image":"nginx:1"}]}}}}
      """;
  private static final String BUDGET =
      """
      {"metadata":{"name":"web-budget","namespace":"default"},
       "spec":{"minAvailable":2,"selector":{"matchLabels":{"app":"web"}}}}
      """;

  private static HttpClient client(TalosSite site, Optional<String> subject) throws Exception {
    SSLContext tls = SSLContext.getInstance("TLS");
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    if (subject.isPresent()) {
      Authority.Issued own =
          site.kubernetes.issue(
              subject.get(), List.of(), Authority.Use.CLIENT, Duration.ofHours(1));
      store.setKeyEntry(
          "client", own.key(), new char[0], new X509Certificate[] {own.certificate()});
    }
    keys.init(store, new char[0]);
    tls.init(keys.getKeyManagers(), InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
    return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).sslContext(tls).build();
  }

  private static HttpResponse<String> call(
      TalosSite site, HttpClient client, String method, String path, String body) throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create("https://" + site.vip() + ":6443" + path))
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .header("Content-Type", "application/merge-patch+json")
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static TalosSite schedulable() {
    TalosSite site = TalosSite.isolated();
    for (int vmid = 1051; vmid <= 1052; vmid++) {
      site.configured(vmid, config -> config + "  allowSchedulingOnControlPlanes: true\n");
    }
    return site;
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> items(HttpResponse<String> response) {
    return (List<Map<String, Object>>)
        Json.parseObject(response.body()).getOrDefault("items", List.of());
  }

  @Test
  void anEviction_thatABudgetForbids_isA429_withTheCause() throws Exception {
    try (TalosSite site = schedulable()) {
      site.bootstrap(1051);
      site.pass(TalosSite.WHILE);
      site.test().kubernetes().create("Deployment", WEB);
      site.pass(Duration.ofSeconds(30));
      HttpClient admin = client(site, Optional.of("CN=admin,O=system:masters"));
      String pods = "/api/v1/namespaces/default/pods";
      List<Map<String, Object>> web =
          items(call(site, admin, "GET", pods + "?labelSelector=app%3Dweb", ""));
      assertThat(web).hasSize(2);
      String name = String.valueOf(((Map<?, ?>) web.getFirst().get("metadata")).get("name"));

      site.test().kubernetes().create("PodDisruptionBudget", BUDGET);
      HttpResponse<String> refused =
          call(site, admin, "POST", pods + "/" + name + "/eviction", "{}");
      assertThat(refused.statusCode()).isEqualTo(429);
      assertThat(refused.body())
          .contains("DisruptionBudget")
          .contains("web-budget needs 2 healthy pods and has 2 currently");

      call(
          site,
          admin,
          "DELETE",
          "/apis/policy/v1/namespaces/default/poddisruptionbudgets/web-budget",
          "");
      assertThat(call(site, admin, "POST", pods + "/" + name + "/eviction", "{}").statusCode())
          .isEqualTo(201);
      site.pass(Duration.ofSeconds(30));
      assertThat(items(call(site, admin, "GET", pods + "?labelSelector=app%3Dweb", "")))
          .hasSize(2)
          .noneSatisfy(
              pod -> assertThat(((Map<?, ?>) pod.get("metadata")).get("name")).isEqualTo(name));
    }
  }

  @Test
  void aCordonedNode_getsNoPods_andStrangersGetNothing() throws Exception {
    try (TalosSite site = schedulable()) {
      site.bootstrap(1051);
      site.pass(TalosSite.WHILE);
      HttpClient admin = client(site, Optional.of("CN=admin,O=system:masters"));

      assertThat(
              call(
                      site,
                      admin,
                      "PATCH",
                      "/api/v1/nodes/node1052",
                      "{\"spec\":{\"unschedulable\":true}}")
                  .statusCode())
          .isEqualTo(200);
      site.test().kubernetes().create("Deployment", WEB);
      site.pass(Duration.ofSeconds(30));

      assertThat(
              items(
                  call(
                      site,
                      admin,
                      "GET",
                      "/api/v1/pods?fieldSelector=spec.nodeName%3Dnode1051&labelSelector=app%3Dweb",
                      "")))
          .hasSize(2);
      assertThat(
              call(site, client(site, Optional.empty()), "GET", "/api/v1/nodes", "").statusCode())
          .isEqualTo(401);
      assertThat(
              call(site, client(site, Optional.of("CN=eve,O=people")), "GET", "/api/v1/nodes", "")
                  .statusCode())
          .isEqualTo(403);
    }
  }

  @Test
  void fluxObjects_becomeReadySomeSecondsAfterTheyWereMade() throws Exception {
    try (TalosSite site = schedulable()) {
      site.bootstrap(1051);
      site.pass(TalosSite.WHILE);
      site.test()
          .kubernetes()
          .create(
              "Kustomization",
              "{\"metadata\":{\"name\":\"flux-system\",\"namespace\":\"flux-system\"}}");
      HttpClient admin = client(site, Optional.of("CN=admin,O=system:masters"));
      String path =
          "/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/flux-system/kustomizations/flux-system";
      assertThat(call(site, admin, "GET", path, "").body()).doesNotContain("Applied revision");

      site.pass(Duration.ofSeconds(10));

      assertThat(call(site, admin, "GET", path, "").body()).contains("Applied revision");
    }
  }

  @Test
  void theKubeletsVersion_followsItsConfiguration() {
    try (TalosSite site = schedulable()) {
      site.bootstrap(1051);
      site.pass(TalosSite.WHILE);

      site.apply(
          site.admin(1052),
          site.config(1052, "controlplane").replace("kubelet:v1.35.0", "kubelet:v1.35.1")
              + "  allowSchedulingOnControlPlanes: true\n",
          Mode.NO_REBOOT);
      site.pass(Duration.ofMinutes(1));

      assertThat(site.test().kubernetes().keys().get("/registry/nodes//node1052"))
          .contains("\"kubeletVersion\":\"v1.35.1\"");
      assertThat(site.state(1052).boots()).isEqualTo(1);
    }
  }

  @Test
  void theKubeconfig_isATarOfOneFile_thatLetsTheAdminIn() throws Exception {
    try (TalosSite site = TalosSite.isolated().cluster()) {
      byte[] archive =
          site.admin(1051).kubeconfig(Empty.getDefaultInstance()).next().getBytes().toByteArray();

      String tar =
          new String(new GZIPInputStream(new ByteArrayInputStream(archive)).readAllBytes(), UTF_8);

      assertThat(tar)
          .startsWith("kubeconfig\0")
          .contains("server: https://" + site.vip() + ":6443");
    }
  }
}
