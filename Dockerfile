# mvn -DskipTests package && docker build -t pvebot .
# docker run -v /etc/pvebot:/etc/pvebot:ro -v pvebot:/var/lib/pvebot pvebot
#
# Only target/dist is copied: what was tested is what runs. `bot`'s ImageIT lays out the same tree and starts it.

FROM eclipse-temurin:25-jdk AS runtime
COPY target/dist /opt/pvebot
# A runtime of the modules in etc/modules: what jdeps finds in the jars, which ImageIT compares.
RUN "$JAVA_HOME/bin/jlink" --add-modules "$(cat /opt/pvebot/etc/modules)" \
      --strip-debug --no-header-files --no-man-pages --compress zip-6 --output /opt/pvebot/runtime \
 && /opt/pvebot/bin/train /tmp/rehearsal \
 && rm -rf /tmp/rehearsal

FROM debian:13-slim
# pass and gnupg resolve `pass:` references; without such references they are never started.
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates pass gnupg \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --create-home --home-dir /var/lib/pvebot pvebot
COPY --from=runtime /opt/pvebot /opt/pvebot
USER pvebot
WORKDIR /var/lib/pvebot
ENV PVEBOT_CONFIG=/etc/pvebot/pvebot.yaml
VOLUME /var/lib/pvebot
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["/opt/pvebot/bin/healthcheck"]
ENTRYPOINT ["/opt/pvebot/bin/pvebot"]
CMD ["serve", "--config", "/etc/pvebot/pvebot.yaml"]
