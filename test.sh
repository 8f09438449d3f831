#!/usr/bin/env bash
# Sets up what the tests need and runs them all.
#   ./test.sh               every test
#   ./test.sh --only NAME   those whose project or class name contains NAME
# A test whose real backend cannot be had here is skipped by name and counted; with CI set a skip fails.
set -euo pipefail
cd "$(dirname "$0")"

only=""
case "${1:-}" in
  "") ;;
  --only) only="${2:?--only wants a name}" ;;
  *) echo "usage: ./test.sh [--only NAME]" >&2; exit 2 ;;
esac

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
./tests/setup.sh
dotnet build McpInfra.sln --configuration Release --verbosity quiet

results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
passed=0 failed=0 skipped=0

for project in tests/*/; do
  name=$(basename "$project")
  program="$project/bin/Release/net10.0/$name"
  grep -qs 'Include="xunit.v3"' "$project/$name.csproj" || continue

  filter=()
  if [ -n "$only" ] && [[ "$name" != *"$only"* ]]; then
    filter=(-class "*$only*")
  fi
  if [ -n "${CI:-}" ]; then
    filter+=(-failSkips)
  fi

  report="$results/$name.xml"
  echo "== $name"
  "$program" -noLogo -noColor -result-xml "$report" "${filter[@]}" || echo "$name exited with $?" >"$results/$name.exit"
  if [ ! -s "$report" ]; then
    echo "$name wrote no report" >&2
    failed=$((failed + 1))
    continue
  fi

  count() { grep -o '<assembly [^>]*>' "$report" | grep -o " $1=\"[0-9]*\"" | tr -dc '0-9'; }
  errors=$(count errors)
  module_failed=$(($(count failed) + errors))
  if [ "$module_failed" -eq 0 ] && [ -s "$results/$name.exit" ] && [ "$(count total)" -gt 0 ]; then
    cat "$results/$name.exit" >&2
    module_failed=1
  fi
  passed=$((passed + $(count passed)))
  failed=$((failed + module_failed))
  skipped=$((skipped + $(count skipped)))
done

if [ $((passed + failed + skipped)) -eq 0 ]; then
  echo "no test is called like $only" >&2
  exit 2
fi

echo
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
