FROM debian:12
WORKDIR /work
RUN git init -q origin && git -C origin -c user.name=a -c user.email=a@b.c commit -q --allow-empty -m one
RUN git config --global user.name me && git config --system core.pager cat
RUN git clone -q /work/origin /src
RUN cd / && git clone -q file:///work/origin cloned && cd cloned && git checkout -q -b other
RUN git clone -q --depth 1 file:///work/origin copy && rm -rf copy/.git
RUN curl -fsSL file:///etc/os-release -o /data.txt
RUN curl -fsSLO file:///etc/os-release
RUN curl -fsSL file:///etc/os-release > /redirected
RUN curl -fsS file:///etc/os-release | grep ID | tee /ids
RUN python3 -m http.server --help > /dev/null || true
RUN openssl rand -hex 8 > /secret && openssl genrsa -out /key.pem 2048
RUN openssl req -new -x509 -key /key.pem -subj /CN=x -days 1 -out /cert.pem
RUN apt-get update && apt-get install -y openssh-client gnupg && ssh-keygen -q -t ed25519 -N '' -f /id_ed25519
RUN ssh-keygen -A
RUN mkdir -m 700 /keys && gpg --homedir /keys --batch --passphrase '' --quick-gen-key me default default never
RUN gpg --list-keys
RUN export GNUPGHOME=/keys2 && mkdir -m 700 $GNUPGHOME && gpg --batch --list-keys && gpgconf --kill all && rm -rf $GNUPGHOME
RUN sha256sum /data.txt > SUMS && sha256sum -c SUMS
