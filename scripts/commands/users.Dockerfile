FROM debian:12
WORKDIR /work
RUN groupadd -g 2000 app
RUN useradd -u 2000 -g app -m -s /bin/bash app
RUN useradd -r -d /srv/daemon -m daemon2
RUN useradd --system --no-create-home nobody2
RUN adduser --disabled-password --gecos '' other
RUN adduser --system --home /data/sys --group sys2
RUN addgroup --system grp
RUN usermod -aG app other && usermod -s /bin/sh other
RUN echo 'other:secret' | chpasswd
RUN passwd -d app && passwd -l app
RUN chsh -s /bin/bash other
RUN groupmod -g 2001 grp && gpasswd -a app grp
RUN usermod -u 3000 other
RUN deluser other
RUN userdel -r app
RUN groupdel grp
RUN install -d -o daemon2 /data/owned && chown daemon2: /work
