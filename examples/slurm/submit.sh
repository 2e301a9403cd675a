#!/bin/sh
# A fuzz campaign and a load on a Slurm cluster: call it in a folder that all nodes share. kmsspec is in the PATH of each node.
#
#   SEED=7 RUNS=8000000 KMS_TARGET=127.0.0.1:1688 /path/to/submit.sh
#
# Without KMS_TARGET each task has a lab host of its own. With it, each node needs a host at that address: shards that share one confuse
# each other's counts, so give the array a node for each task (sbatch --exclusive) where the host is yours.
set -eu
here=$(dirname "$0")
fuzz=$(sbatch --parsable "$here/fuzz.sbatch")
sbatch --parsable --dependency="afterok:$fuzz" "$here/merge.sbatch" >/dev/null
sbatch --parsable "$here/load.sbatch" >/dev/null
echo "$fuzz"
