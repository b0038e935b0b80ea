#!/usr/bin/env bash
# Runs all measurements and writes a report: compare.sh [--quick] [FOLDER]
# FOLDER is ./artifacts unless given. No figure makes it fail; only a benchmark that could not run is named at the end.
set -uo pipefail

project="$(cd "$(dirname "$0")" && pwd)"
quick=()
folder=artifacts
for argument in "$@"; do
  case "$argument" in
    --quick) quick=(--quick) ;;
    -*) echo "usage: $0 [--quick] [FOLDER]" >&2; exit 2 ;;
    *) folder="$argument" ;;
  esac
done
mkdir -p "$folder"
folder="$(cd "$folder" && pwd)"
report="$folder/benchmarks.md"

# Unpacked and not installed: an installed one would want to run as a service.
find_etcd() {
  PATH="$folder/etcd/usr/bin:$PATH"
  command -v etcd >/dev/null && return
  command -v apt-get >/dev/null || return
  apt-cache show etcd-server >/dev/null 2>&1 || apt-get update -qq
  (cd "$folder" && apt-get download -qq etcd-server && dpkg -x etcd-server_*.deb etcd && rm etcd-server_*.deb)
}

describe_machine() {
  echo "# Measurements"
  echo
  echo "$(date -u +%Y-%m-%d) · $(nproc) cores ·$(grep -m1 'model name' /proc/cpuinfo | cut -d: -f2) · Linux $(uname -r) ·" \
    "$(stat -f -c %T "${TMPDIR:-/tmp}") · .NET $(dotnet --version) · $(etcd --version 2>/dev/null | head -1 || echo "no etcd") ·" \
    "commit $(git -C "$project" rev-parse --short HEAD 2>/dev/null)${quick:+ · quick}"
  echo
  echo "Load of the machine at the start: $(cut -d' ' -f1-3 /proc/loadavg). Figures of one machine: compare the ratios."
}

find_etcd
dotnet build -c Release -v quiet --nologo "$project" || exit 1

sections="$(mktemp -d)"
trap 'rm -rf "$sections"' EXIT
failed=()
for name in cluster signed limits peers apply bytes pause restart failover scale micro; do
  echo "== $name" >&2
  dotnet run --no-build -c Release --project "$project" -- "$name" ${quick[@]+"${quick[@]}"} >"$sections/$name" 2>"$sections/$name.errors" || failed+=("$name")
  # What BenchmarkDotNet says while it works is of no use later.
  if [ "$name" = micro ]; then grep -E '^(\||$)' "$sections/micro" | cat -s >"$sections/kept" && mv "$sections/kept" "$sections/micro"; fi
  grep -h '^figure ' "$sections/$name"
done

{
  describe_machine
  echo
  echo "| figure | value | unit | must | aim |"
  echo "|---|---:|---|---:|---:|"
  cat "$sections"/* | awk '/^figure / { print "| " $2 " | " $3 " | " $4 " | " $6 " | " $8 " |" }'
  for name in cluster signed limits peers apply bytes pause restart failover scale micro; do
    printf '\n## %s\n\n' "$name"
    # A line each, but where a table stands.
    grep -v '^figure ' "$sections/$name" | sed -E 's/^([^|].*)$/\1  /'
    if [[ " ${failed[*]-} " == *" $name "* ]]; then
      printf '\nIt ended with an error:\n\n```\n%s\n```\n' "$(tail -20 "$sections/$name.errors")"
    fi
  done
} >"$report"
echo "report: $report"
[ ${#failed[@]} -eq 0 ] || echo "ended with an error: ${failed[*]}"
exit 0
