/** Makes a log-in: `USER_PASSWORD=… node core-api/src/identity/create-user.ts --login x --role admin --name n`. */
import { parseArgs } from 'node:util'
import { Value } from 'typebox/value'
import { readNewPassword } from '../config.ts'
import { connect, disconnect } from '../lib/postgres.ts'
import { Role } from '../lib/roles.ts'
import { hashPassword } from './password.ts'
import { insertUser } from './queries.ts'

const USAGE =
  'USER_PASSWORD=… DATABASE_URL=… node core-api/src/identity/create-user.ts --login LOGIN --role ROLE --name NAME [--distributor ID]'

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      login: { type: 'string' },
      role: { type: 'string' },
      name: { type: 'string' },
      distributor: { type: 'string' },
    },
  })
  const { login, role, name, distributor } = values
  const isBound = role === 'distributor'
  if (!login || !name || !Value.Check(Role, role) || isBound !== (distributor !== undefined)) {
    console.error(`usage: ${USAGE}`)
    return 2
  }

  const { DATABASE_URL, USER_PASSWORD } = readNewPassword()
  const sql = connect(DATABASE_URL)
  try {
    const id = await insertUser(sql, {
      login,
      name,
      role,
      passwordHash: await hashPassword(USER_PASSWORD),
      distributorId: distributor === undefined ? null : Number(distributor),
    })
    console.log(JSON.stringify({ user: login, id: id ?? null, created: id !== undefined }))
    return 0
  } finally {
    await disconnect(sql)
  }
}

process.exitCode = await main()
