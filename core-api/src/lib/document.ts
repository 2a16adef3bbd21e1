/** What documents with steps are refused with. */
import { Refusal } from './refusal.ts'

export function wrongStep(name: string, state: string, wanted: string): Refusal {
  return new Refusal(
    409,
    'WRONG_STATE',
    'The document is not in a state for this',
    `${name} is ${state}; this step needs one that is ${wanted}`,
  )
}

export function tooMany(name: string, open: number): Refusal {
  return new Refusal(
    409,
    'TOO_MANY',
    'More than is still to come',
    `Of ${name} ${open} are still to come; nothing was received`,
  )
}
