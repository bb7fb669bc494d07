#!/bin/sh
# Generates build/generated of the .proto files: $1 is the project's root.
set -eu
cd "$(dirname "$0")/.."
rm -rf build/generated
mkdir -p build/generated
protoc --proto_path="$1/proto" --proto_path="$1/contracts/streams" --proto_path=proto \
  --php_out=build/generated --grpc_out=generate_server:build/generated \
  --plugin="protoc-gen-grpc=$(command -v grpc_php_plugin)" \
  expirement.proto streams.proto grpc/health/v1/health.proto
# For a .proto without a package the plugin writes a namespace without a name, which PHP refuses.
sed -i '/^namespace ;$/d' build/generated/*.php
