/** Passwords are kept as scrypt hashes that carry their own parameters, so these may grow later. */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'

const COST = 2 ** 15
const BLOCK_SIZE = 8
const PARALLELISM = 1
const SALT_BYTES = 16
const KEY_BYTES = 32
/** scrypt needs 128 × N × r bytes; this leaves room to raise N once. */
const MEMORY_BYTES_MAX = 128 * 1024 * 1024

type Parameters = { cost: number; blockSize: number; parallelism: number }

export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES)
  const parameters = { cost: COST, blockSize: BLOCK_SIZE, parallelism: PARALLELISM }
  const key = await derive(password, salt, parameters, KEY_BYTES)
  return [
    'scrypt',
    COST,
    BLOCK_SIZE,
    PARALLELISM,
    salt.toString('base64url'),
    key.toString('base64url'),
  ].join('$')
}

/** Takes the same time for a wrong password as for a right one; false for a hash it cannot read. */
export async function isPassword(password: string, hash: string): Promise<boolean> {
  const [kind, cost, blockSize, parallelism, salt, key] = hash.split('$')
  if (kind !== 'scrypt' || salt === undefined || key === undefined) return false

  const expected = Buffer.from(key, 'base64url')
  const parameters = {
    cost: Number(cost),
    blockSize: Number(blockSize),
    parallelism: Number(parallelism),
  }
  const actual = await derive(password, Buffer.from(salt, 'base64url'), parameters, expected.length)
  return timingSafeEqual(actual, expected)
}

function derive(
  password: string,
  salt: Buffer,
  { cost, blockSize, parallelism }: Parameters,
  bytes: number,
): Promise<Buffer> {
  const options = { N: cost, r: blockSize, p: parallelism, maxmem: MEMORY_BYTES_MAX }
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, bytes, options, (error, key) =>
      error === null ? resolve(key) : reject(error),
    )
  })
}
