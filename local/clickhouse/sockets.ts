/**
 * The engine waits five seconds for clients that keep an idle connection open. It is stopping, so
 * they are let go, as Postgres' fast shutdown does.
 */
import { readFileSync, readdirSync, readlinkSync } from 'node:fs'
import { DataType, load, open } from 'ffi-rs'

const SHUT_RDWR = 2
const TCP_ESTABLISHED = '01'

export function dropConnections(ports: number[]) {
  open({ library: 'libc', path: '' })
  const inodes = inodesOf(ports)
  for (const fd of readdirSync('/proc/self/fd')) {
    const inode = /^socket:\[(\d+)\]$/.exec(linkOf(fd))?.[1]
    if (inode === undefined || !inodes.has(inode)) continue
    load({
      library: 'libc',
      funcName: 'shutdown',
      retType: DataType.I32,
      paramsType: [DataType.I32, DataType.I32],
      paramsValue: [Number(fd), SHUT_RDWR],
    })
  }
}

/** `sl local_address rem_address st … inode`, addresses in hex; the server's end has our port. */
function inodesOf(ports: number[]): Set<string> {
  const wanted = new Set(ports.map((port) => port.toString(16).toUpperCase().padStart(4, '0')))
  const found = new Set<string>()
  for (const line of readFileSync('/proc/self/net/tcp', 'utf8').split('\n').slice(1)) {
    const fields = line.trim().split(/\s+/)
    const port = fields[1]?.split(':')[1]
    const inode = fields[9]
    if (!port || !inode || fields[3] !== TCP_ESTABLISHED) continue
    if (wanted.has(port)) found.add(inode)
  }
  return found
}

function linkOf(fd: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`)
  } catch {
    return ''
  }
}
