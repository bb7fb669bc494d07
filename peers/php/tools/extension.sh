#!/bin/sh
# Makes build/grpc.so, PHP's extension for gRPC, and build/grpc, the PHP library that goes
# with it, of Debian's source of gRPC. apt checks its signature. Needs phpize, g++, make
# and libgrpc-dev of the same version, but not root.
set -eu
cd "$(dirname "$0")/.."
[ ! -f build/grpc.so ] || exit 0
work=$PWD/build/source
mkdir -p "$work/lists/partial" "$work/archives/partial"
echo 'deb-src http://deb.debian.org/debian bookworm main' >"$work/sources.list"
cat >"$work/apt.conf" <<END
Dir::Etc::SourceList "$work/sources.list";
Dir::Etc::SourceParts "-";
Dir::State::Lists "$work/lists";
Dir::Cache "$work";
APT::Sandbox::User "";
END
export APT_CONFIG="$work/apt.conf"
cd "$work"
apt-get -qq update
apt-get -qq source --download-only "grpc=$(dpkg-query --showformat='${source:Version}' --show libgrpc-dev)"
tar xzf grpc_*.orig.tar.gz --strip-components=1 --wildcards '*/src/php' '*/etc/roots.pem'
cd src/php/ext/grpc
phpize
./configure --quiet
make --jobs=2
cd "$work"
mkdir ../grpc
cp -r --parents src/php/lib etc/roots.pem ../grpc/
cp src/php/ext/grpc/modules/grpc.so ..
rm -r "$work"
