#!/bin/sh
# Packs the provider as registries want it: a zip file for each platform, and the checksums of all of them.
#
#   ./package.sh BINARY PLATFORM    for example: ./package.sh target/release/terraform-provider-example linux_amd64
#
# Run it once for each platform, in one place. To publish, sign the checksums with the key that the registry knows:
#   gpg --detach-sign dist/*_SHA256SUMS
set -eu

binary=$1 platform=$2
cd "$(dirname "$0")"
name=$(sed -n 's/^name = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
package=${name}_${version}

mkdir -p "dist/$platform"
cp "$binary" "dist/$platform/${name}_v$version"
(cd "dist/$platform" && zip --quiet --junk-paths "../${package}_$platform.zip" "${name}_v$version")
rm -r "dist/$platform"
(cd dist && sha256sum "${package}"_*.zip > "${package}_SHA256SUMS")
echo "dist/${package}_$platform.zip"
