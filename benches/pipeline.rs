//! How many bytes a second go through the pipeline: `cargo bench --bench pipeline`.
//!
//! The text is made here, so that a figure of today can be compared with one of next year: stages of the sort that
//! people write, over and over, each with other names, so that no two instructions are the same.

use divan::counter::BytesCount;
use divan::{Bencher, black_box};

use dfmt::config::Config;
use dfmt::proof::engine;
use dfmt::{layout, syntax};

fn main() {
    divan::main();
}

/// Stages in a file; one is about a KiB.
const STAGES: [usize; 3] = [1, 8, 80];

/// One stage; `@` is its number. Most rules find something in it; `copy-manifests-first` has no
/// build context here and stays out.
const STAGE: &str = r#"# the stage that builds part @
from python:3.12-slim as part@
ARG REVISION@
LABEL org.example.part part@
ENV PART part@
ENV PATH=/opt/part@/bin:$PATH LANG=C.UTF-8
WORKDIR /srv/part@
COPY --chown=1000:1000   src/part@   ./src/
RUN apt-get update && \
    apt-get install -y --no-install-recommends build-essential=@ curl git libpq-dev=@ && \
    # the lists are stale tomorrow
    rm -rf /var/lib/apt/lists/*

RUN set -eux; \
  if [ "$(uname -m)" = x86_64 ]; then arch=amd64; else arch="${FALLBACK:-arm64}"; fi; \
  for f in a b c@; do curl -fsSL "https://example.com/part@/$arch/$f.tar.gz" | tar -xz -C "/opt/$f"; done; \

  case "$arch" in amd64) echo fast;; *) echo "slow, part @";; esac
RUN pip install --no-cache-dir flask==@ gunicorn==@
RUN mkdir -p /var/part@/log
RUN chmod 775 /var/part@/log
RUN <<EOF
set -e
echo part @ > /etc/part@
EOF
EXPOSE   80@   9090
HEALTHCHECK --interval=30s CMD curl -f http://localhost:80@/ || exit 1
ENTRYPOINT ["python3","-m" , "part@"]
CMD ["--port","80@"]


"#;

fn dockerfile(stages: usize) -> Vec<u8> {
    (0..stages).map(|n| STAGE.replace('@', &n.to_string())).collect::<String>().into_bytes()
}

fn no_context() -> Result<dfmt::model::context::Context, String> {
    Err("there is none".to_string())
}

/// Bytes to tree.
#[divan::bench(args = STAGES)]
fn parse(bencher: Bencher, stages: usize) {
    let text = dockerfile(stages);
    bencher.counter(BytesCount::of_slice(&text)).bench_local(|| syntax::parse(black_box(&text)).items.len());
}

/// Tree to laid-out bytes, without proofs.
#[divan::bench(args = STAGES)]
fn lay_out(bencher: Bencher, stages: usize) {
    let text = dockerfile(stages);
    let (file, config) = (syntax::parse(&text), Config::default());
    assert!(file.errors.is_empty(), "{:?}", file.errors);
    bencher
        .counter(BytesCount::of_slice(&text))
        .bench_local(|| layout::layout(black_box(&file), &config, &[]).text);
}

/// The whole pipeline: image rules, layout, and the proof of each step.
#[divan::bench(args = STAGES)]
fn format(bencher: Bencher, stages: usize) {
    let text = dockerfile(stages);
    let config = Config::default();
    let outcome = engine::format(&text, &config, &no_context);
    assert!(outcome.output.is_some() && outcome.failure.is_none(), "{:?}", outcome.failure);
    bencher
        .counter(BytesCount::of_slice(&text))
        .bench_local(|| engine::format(black_box(&text), &config, &no_context).output);
}

/// The same for a text on which nothing is left to do: what `--check` costs.
#[divan::bench(args = STAGES)]
fn format_again(bencher: Bencher, stages: usize) {
    let config = Config::default();
    let text = engine::format(&dockerfile(stages), &config, &no_context).output.expect("it changes");
    bencher
        .counter(BytesCount::of_slice(&text))
        .bench_local(|| engine::format(black_box(&text), &config, &no_context).output);
}
