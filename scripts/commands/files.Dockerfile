FROM debian:12
WORKDIR /work
RUN mkdir -p a/b /data/x/y && touch a/1 a/2
RUN cp -r a c && cp a/1 /data/x/
RUN cp -t /data/x a/1 a/2
RUN mv c /data/c
RUN ln -s /data/x link && ln -sf /data/c /data/x/link
RUN ln -s /etc/hostname
RUN chmod -R 755 a /data/x && chmod u+x a/1
RUN chown -R 1000:1000 /data && chgrp -R 0 /data/x
RUN rm -rf /data/c link
RUN rmdir a/b
RUN touch -d '2020-01-01' a/1
RUN install -d -m 755 /srv/in && install -m 644 a/1 /srv/in/one
RUN install -Dm644 a/1 /opt/deep/er/one
RUN echo hello > a/hello && echo more >> a/hello && printf '%s\n' x > /data/printed
RUN sed -i s/hello/bye/ a/hello && sed -i.bak -e s/bye/hello/ a/hello
RUN sed -n 1p a/hello && grep -q hello a/hello && cat a/hello | sort | uniq | wc -l
RUN echo tee | tee -a a/tee > /dev/null
RUN tar -czf /data/a.tgz a && mkdir /out && tar -xzf /data/a.tgz -C /out
RUN tar xzf /data/a.tgz --strip-components=1
RUN cd /out && tar cf - a | tar xf - -C /srv/in
RUN gzip -k a/hello && gunzip -f a/hello.gz && bzip2 a/tee
RUN find /out -type f -name hello -delete && find a -name 2 -exec rm -f {} +
RUN find /work -type f -exec chmod 600 {} \;
RUN find /data -type f | xargs chmod 644
RUN awk '{ print $1 }' a/hello > /data/awked
RUN dd if=/dev/zero of=/data/zero bs=1k count=1
RUN truncate -s 10 /data/zero && split -b 5 /data/zero
RUN mktemp -d && mktemp
RUN for n in 1 2 3; do touch /data/n$n; done
RUN if [ -f a/hello ]; then cp a/hello /data/kept; else touch /data/not; fi
RUN (cd /out && touch here) && touch there
RUN D=/data/var; mkdir -p $D && touch "$D/x"
RUN case "$(uname -m)" in x86_64) touch /data/amd64;; *) touch /data/other;; esac
RUN f() { touch /data/called; }; f
RUN sh -c 'mkdir /shell && cd /shell && touch in'
RUN ["mkdir", "-p", "/exec/form"]
RUN <<EOF
mkdir /here
touch /here/doc
EOF
RUN cat <<EOF > /data/doc
text
EOF
RUN truncate -s 0 /data/doc; unlink /data/zero || true
RUN { echo a; echo b; } > /data/braces 2>&1
RUN umask 027 && mkdir /masked && trap 'rm -f /masked/x' EXIT && touch /masked/x
