/** What a person can do something about. Everything else is a bug and keeps its stack. */
export class Problem extends Error {}

/** The Debian packages of the libraries our binaries need and a slim image may lack. */
const PACKAGES = new Map([
  ['libstdc++.so.6', 'libstdc++6'],
  ['libgcc_s.so.1', 'libgcc-s1'],
  ['libz.so.1', 'zlib1g'],
  ['libuuid.so.1', 'libuuid1'],
  ['libxml2.so.2', 'libxml2'],
  ['libgssapi_krb5.so.2', 'libgssapi-krb5-2'],
])

/** One clear line for a failure with a known way out; null for the rest. */
export function explain(text: string): string | null {
  const library =
    /error while loading shared libraries: ([^\s:]+)/.exec(text)?.[1] ??
    /([^\s:/]+\.so[.\d]*): cannot open shared object file/.exec(text)?.[1]
  if (library) {
    const name = PACKAGES.get(library)
    const how = name ? `apt-get install ${name}` : `install the package that has ${library}`
    return `The system library ${library} is missing: ${how} (Debian and Ubuntu), then start again.`
  }
  if (/ENOSPC|No space left on device|Cannot reserve .+ not enough space/.test(text)) {
    return 'The disk is full: make room, or point DATA_DIR at a folder on another disk.'
  }
  if (/EADDRINUSE|Address already in use/.test(text)) {
    return 'A port is taken: set PORT_BASE (18000, say) to move all of them, or stop the other program.'
  }
  return null
}
