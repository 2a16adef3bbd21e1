/** Becomes nobody, keeps the right to pass through closed folders, and then becomes the program. */
import { DataType, load, open } from 'ffi-rs'
import { NOBODY } from './nobody.ts'

const PR_SET_SECUREBITS = 28
const SECBIT_NO_SETUID_FIXUP = 1 << 2
const PR_CAP_AMBIENT = 47
const PR_CAP_AMBIENT_RAISE = 2
const CAP_DAC_OVERRIDE = 1
const CAPABILITY_VERSION_3 = 0x20080522
const HEADER_BYTES = 8
const DATA_BYTES = 24
const INHERITABLE_OFFSET = 8

const [command, ...args] = process.argv.slice(2)
if (!command || !process.execve || !process.setgroups || !process.setgid || !process.setuid) {
  throw new Error('usage: nobody-launcher.ts COMMAND ARGUMENT…, on Linux')
}
open({ library: 'libc', path: '' })
inheritCapability()
// Without this, leaving root would drop the right again.
call('prctl', [PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP, 0, 0, 0])
call('prctl', [PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_OVERRIDE, 0, 0])
process.setgroups([])
process.setgid(NOBODY.gid)
process.setuid(NOBODY.uid)
process.execve(command, [command, ...args], process.env)

/** struct { version, pid } and twice struct { effective, permitted, inheritable }, all 32 bits. */
function inheritCapability() {
  const header = Buffer.alloc(HEADER_BYTES)
  header.writeUInt32LE(CAPABILITY_VERSION_3)
  const data = Buffer.alloc(DATA_BYTES)
  call('capget', [header, data])
  const inheritable = data.readUInt32LE(INHERITABLE_OFFSET) | (1 << CAP_DAC_OVERRIDE)
  data.writeUInt32LE(inheritable >>> 0, INHERITABLE_OFFSET)
  call('capset', [header, data])
}

function call(name: string, values: (number | Buffer)[]) {
  const { value, errnoMessage } = load<DataType.I32, true>({
    library: 'libc',
    funcName: name,
    retType: DataType.I32,
    paramsType: values.map((item) => (typeof item === 'number' ? DataType.I64 : DataType.U8Array)),
    paramsValue: values,
    errno: true,
  })
  if (value !== 0) throw new Error(`${name}: ${errnoMessage}`)
}
