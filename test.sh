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

run() { # project title filter...
  local name=$1 title=$2
  local program="tests/$name/bin/Release/net10.0/$name"
  local report="$results/$title.xml"
  shift 2
  local filter=("$@")
  if [ -n "${CI:-}" ]; then
    filter+=(-failSkips)
  fi

  echo "== $title"
  "$program" -noLogo -noColor -result-xml "$report" "${filter[@]}" || echo "$title exited with $?" >"$results/$title.exit"
  if [ ! -s "$report" ]; then
    echo "$title wrote no report" >&2
    failed=$((failed + 1))
    return
  fi

  count() { grep -o '<assembly [^>]*>' "$report" | grep -o " $1=\"[0-9]*\"" | tr -dc '0-9'; }
  local errors module_failed
  errors=$(count errors)
  module_failed=$(($(count failed) + errors))
  if [ "$module_failed" -eq 0 ] && [ -s "$results/$title.exit" ] && [ "$(count total)" -gt 0 ]; then
    cat "$results/$title.exit" >&2
    module_failed=1
  fi
  passed=$((passed + $(count passed)))
  failed=$((failed + module_failed))
  skipped=$((skipped + $(count skipped)))
}

for project in tests/*/; do
  name=$(basename "$project")
  grep -qs 'Include="xunit.v3"' "$project/$name.csproj" || continue
  if [ -z "$only" ] || [[ "$name" == *"$only"* ]]; then
    run "$name" "$name"
  else
    run "$name" "$name" -class "*$only*"
  fi
done

# What is kept in the store is tested on SQLite above, and here on PostgreSQL.
stored() { # project namespace...
  local name=$1 filter=()
  shift
  for namespace in "$@"; do
    filter+=(-namespace "McpInfra.$name.$namespace")
  done
  if [ -n "$only" ] && [[ "$name" != *"$only"* ]]; then
    filter+=(-class "*$only*")
  fi
  MCP_INFRA_TEST_STORE=postgres run "$name" "$name on PostgreSQL" "${filter[@]}"
}

stored Graph.Tests Store Queries State Findings Snapshots Costs Documents Drift Correlation
stored Guardrails.Tests Approvals
stored Tools.Tests Resources Proposals Knowledge

if [ $((passed + failed + skipped)) -eq 0 ]; then
  echo "no test is called like $only" >&2
  exit 2
fi

echo
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
