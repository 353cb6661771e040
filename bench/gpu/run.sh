#!/bin/sh
# Everything that a GPU can tell, in eight minutes: ./run.sh [--out FOLDER] [--only numerics,race,tuning,tests] [--minutes M]
here=$(dirname "$0")
# A machine with a driver may have no loader for it, or keep the driver's manifest where the loader does not look.
if ! ldconfig -p 2>/dev/null | grep -q libvulkan.so.1; then export LD_LIBRARY_PATH="$here${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"; fi
if [ -z "$VK_DRIVER_FILES$VK_ICD_FILENAMES" ] && ! ls /etc/vulkan/icd.d/*.json /usr/share/vulkan/icd.d/*.json >/dev/null 2>&1; then
  for found in /usr/local/*/share/vulkan/icd.d/*.json /usr/local/share/vulkan/icd.d/*.json; do
    if [ -f "$found" ]; then export VK_DRIVER_FILES="$found"; fi
  done
fi
exec "$here/node" "$here/main.mjs" --dawn "$here/dawn.node" "$@"
