/**
 * Icon names as module authors write them: `hard-drive`, `HardDrive`, `hard_drive`, `LucideHardDrive` and
 * `HardDriveIcon` all mean the same icon.
 */

/** The key under which an icon is filed: `hard-drive` → `harddrive`. */
export function normalizeIconName(name: string): string {
  return name.toLowerCase().replaceAll(/[-_\s]/g, '');
}

/** The keys to try, in order: the name itself first, since an icon's own name may start or end like the affixes. */
export function iconKeys(name: string): string[] {
  const key = normalizeIconName(name);
  const bare = key.replace(/^lucide/, '');
  const keys = [key, key.replace(/icon$/, ''), bare, bare.replace(/icon$/, '')];
  return [...new Set(keys)].filter((candidate) => /^[a-z][a-z0-9]*$/.test(candidate));
}
