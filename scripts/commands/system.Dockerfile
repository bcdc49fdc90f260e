FROM debian:12
WORKDIR /work
RUN apt-get update
RUN apt-get install -y --no-install-recommends jq tree
RUN apt-get install -y zip && rm -rf /var/lib/apt/lists/*
RUN apt update && apt install -y xz-utils && apt-get clean
RUN apt-get remove -y tree && apt-get autoremove -y
RUN apt-get purge -y jq
RUN apt-get install -y locales && sed -i 's/# en_US.UTF-8/en_US.UTF-8/' /etc/locale.gen && locale-gen && update-locale LANG=en_US.UTF-8
RUN localedef -i de_DE -f UTF-8 de_DE.UTF-8
RUN ldconfig
RUN update-ca-certificates
RUN apt-mark hold zip && apt-mark showmanual > /dev/null
RUN dpkg --print-architecture && dpkg -l > /dev/null
RUN apt-get download hello && dpkg -i hello_*.deb
RUN dpkg-reconfigure -f noninteractive locales
RUN echo 'debconf debconf/frontend select Noninteractive' | debconf-set-selections
RUN update-alternatives --install /usr/bin/editor editor /bin/true 10
RUN apt-get install -y apache2 && a2enmod rewrite headers && a2dissite 000-default
RUN apt-get install -y gnupg && gpg --version && apt-key list
RUN apt-get install -y postgresql-common fontconfig && fc-cache -f
RUN apt-get install -y cron && echo '0 * * * * true' | crontab -
RUN DEBIAN_FRONTEND=noninteractive apt-get install -y -q tzdata && ln -sf /usr/share/zoneinfo/Europe/Berlin /etc/localtime
RUN set -eux; apt-get update; apt-get install -y --reinstall hello; rm -rf /var/lib/apt/lists/* /var/cache/apt/*
RUN dpkg-divert --local --rename --add /usr/bin/hello
