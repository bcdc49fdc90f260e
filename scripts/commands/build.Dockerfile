FROM gcc:12
WORKDIR /work
RUN printf 'int main(void) { return 0; }\n' > main.c && gcc -O2 -o main main.c
RUN gcc -c main.c && gcc main.o -o /out-main && strip /out-main
RUN printf 'all: main\nmain: main.c\n\tcc -o main main.c\ninstall: all\n\tinstall -Dm755 main $(DESTDIR)/usr/local/bin/made\nclean:\n\trm -f main\n' > Makefile
RUN make clean && make -j2
RUN make install
RUN make DESTDIR=/dest install
RUN make -C /work clean
RUN printf '#!/bin/sh\ntouch config.status config.log\n' > configure && chmod +x configure
RUN ./configure --prefix=/usr/local && make && make install
RUN apt-get update && apt-get install -y cmake ninja-build meson autoconf automake patch sudo
RUN printf 'cmake_minimum_required(VERSION 3.10)\nproject(x C)\nadd_executable(x main.c)\ninstall(TARGETS x DESTINATION bin)\n' > CMakeLists.txt
RUN mkdir b && cd b && cmake .. && make && make install
RUN cmake -S . -B /b2 && cmake --build /b2 -j 2 && cmake --install /b2
RUN cmake -G Ninja -B b3 && ninja -C b3
RUN printf 'AC_INIT([x],[1])\nAM_INIT_AUTOMAKE([foreign])\nAC_PROG_CC\nAC_CONFIG_FILES([Makefile])\nAC_OUTPUT\n' > /work/configure.ac && printf 'bin_PROGRAMS = xx\nxx_SOURCES = main.c\n' > Makefile.am && autoreconf -i
RUN ./configure && make && make install
RUN printf -- '--- a/main.c\n+++ b/main.c\n@@ -1 +1 @@\n-int main(void) { return 0; }\n+int main(void) { return 1; }\n' > p.diff && patch -p1 < p.diff
RUN sudo -E make clean && sudo touch /by-sudo
RUN env A=b nice -n 5 touch /by-env && timeout 5 touch /by-timeout && nohup touch /by-nohup
RUN find . -name '*.o' | xargs -r rm -f
RUN dd if=/dev/zero of=zero bs=1k count=1 && xz -k zero && cp zero /tmp/zero
