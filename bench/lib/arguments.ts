import { parseArgs } from 'node:util'

/** Numbers by name, each with what it is when nobody says. Anything else is wrong usage: exit code 2. */
export function numbersOf<Name extends string>(
  args: string[],
  defaults: Record<Name, number>,
): Record<Name, number> {
  const numbers = { ...defaults }
  const names = Object.keys(defaults)
  try {
    const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]))
    const { values } = parseArgs({ args, options })
    for (const name in defaults) {
      const given = values[name]
      if (given === undefined) continue
      const number = Number(given)
      if (!Number.isFinite(number) || number <= 0)
        throw new Error(`--${name} wants a number above 0`)
      numbers[name] = number
    }
  } catch (error) {
    const usage = names.map((name) => `[--${name} N]`).join(' ')
    process.stderr.write(
      `${error instanceof Error ? error.message : String(error)}; options: ${usage}\n`,
    )
    process.exit(2)
  }
  return numbers
}
