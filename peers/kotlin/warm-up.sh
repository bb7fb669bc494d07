#!/bin/sh
# Has the program in the folder APP call itself in every way, and keeps the classes that it loads in an archive:
# a JVM that finds it starts in half the time.
#   warm-up.sh APP
set -eu
told=$(mktemp)
lines() {
  cat <<'LINES'
{"id":"1","types":{"files":"Cm4KB24ucHJvdG8SAW4iEQoBThIMCgF0GAEgASgJUgF0MkUKAVMSEgoCVXASBC5uLk4aBC5uLk4oARIUCgREb3duEgQubi5OGgQubi5OMAESFgoEQm90aBIELm4uThoELm4uTigBMAFiBnByb3RvMw=="}}
{"id":"2","listen":{"host":"127.0.0.1","port":46001}}
{"id":"3","script":{"name":"one","compression":"gzip","steps":[{"headers":{"entries":[{"key":"a","text":"b"}]}},{"receive":-1},{"send":"CgZTdGl0Y2g="},{"end":{"trailers":[{"key":"a","text":"b"}]}}]}}
{"id":"4","script":{"name":"status","steps":[{"end":{"status":{"code":9,"message":"no"}}}]}}
{"id":"5","script":{"name":"wait","steps":[{"receive":1},{"send":""},{"waitMs":5000}]}}
{"id":"c1","call":{"channel":{"address":"127.0.0.1:46001"},"method":"/Manage/PickOne","steps":[{"send":"CgZTdGl0Y2g="}]}}
{"id":"c2","call":{"channel":{"address":"127.0.0.1:46001"},"method":"/Manage/PickOne","metadata":[{"key":"stitch-script","text":"one"}],"timeoutMs":5000,"compression":"gzip","steps":[{"send":"CgZTdGl0Y2g="}]}}
{"id":"c3","call":{"channel":{"address":"127.0.0.1:46001"},"method":"/n.S/Up","metadata":[{"key":"stitch-script","text":"one"}],"steps":[{"send":"CgZTdGl0Y2g="}]}}
{"id":"c4","call":{"channel":{"address":"127.0.0.1:46001"},"method":"/n.S/Down","metadata":[{"key":"stitch-script","text":"one"}],"steps":[{"send":"CgZTdGl0Y2g="}]}}
{"id":"c5","call":{"channel":{"address":"127.0.0.1:46001"},"method":"/n.S/Both","metadata":[{"key":"stitch-script","text":"status"}],"steps":[{"send":"CgZTdGl0Y2g="}]}}
{"id":"c6","call":{"channel":{"address":"127.0.0.1:46001"},"method":"/n.S/Both","metadata":[{"key":"stitch-script","text":"wait"}],"steps":[{"send":"CgZTdGl0Y2g="},{"receive":1},{"waitMs":200},{"cancel":true}]}}
{"id":"c7","call":{"channel":{"address":"127.0.0.1:46001"},"method":"/n.S/Down","metadata":[{"key":"stitch-script","text":"wait"}],"timeoutMs":1000,"steps":[{"send":"CgZTdGl0Y2g="}]}}
LINES
  # The end of input stops the program: it comes when every call has ended, or after a minute.
  tenths=0
  until [ "$(grep -c '"ended"' "$told")" -eq 7 ] || [ $((tenths += 1)) -gt 600 ]; do sleep 0.1; done
}
lines | java -XX:ArchiveClassesAtExit="$1/stitch-kotlin.jsa" -Xlog:disable -XX:+UseSerialGC \
  -jar "$1/stitch-kotlin.jar" peer >"$told"
rm "$told"
