FROM golang:1.22
WORKDIR /work
RUN printf 'module example.com/x\n\ngo 1.19\n\nrequire github.com/pkg/errors v0.9.1\n' > go.mod && printf 'package main\n\nimport "github.com/pkg/errors"\n\nfunc main() { _ = errors.New("x") }\n' > main.go
RUN go mod tidy
RUN go mod download
RUN go build
RUN CGO_ENABLED=0 go build -o /out/x .
RUN go vet ./... && go test ./...
RUN go install .
RUN go env -w GOFLAGS=-mod=mod && go env > /dev/null
RUN go clean -cache -modcache
RUN export GOPATH=/gopath && go install github.com/pkg/errors@v0.9.1 || true
RUN mkdir jv && printf 'public class A { public static void main(String[] a) {} }' > jv/A.java && javac -d /classes jv/A.java
RUN cd jv && javac A.java
RUN apt-get update && apt-get install -y ruby ruby-dev bundler cargo composer php-cli cpanminus
RUN printf 'Gem::Specification.new { |s| s.name = "mine"; s.version = "1"; s.summary = "x"; s.authors = ["a"]; s.files = [] }\n' > mine.gemspec && gem build mine.gemspec
RUN gem install --local --no-document ./mine-1.gem
RUN gem install --local -i /gems mine-1.gem && gem list > /dev/null
RUN mkdir rb && printf 'gem "mine", path: ".."\n' > rb/Gemfile
RUN cd rb && bundle install
RUN cd rb && bundle config set --local path vendor && bundle install --jobs 2
RUN cd rb && bundle exec ruby --version
RUN mkdir ph && cd ph && printf '{}' > composer.json && composer install
RUN cd ph && composer dump-autoload && composer config --global process-timeout 900
RUN cargo new --vcs none rs
RUN cd rs && cargo build
RUN cd rs && cargo build --release --target-dir /target
RUN cd rs && cargo fetch && cargo install --path .
RUN mkdir mv && cd mv && printf '<project><modelVersion>4.0.0</modelVersion><groupId>a</groupId><artifactId>a</artifactId><version>1</version><packaging>pom</packaging></project>' > pom.xml
RUN cd mv && mvn -q -B validate
