/** The files of the model, as Cube wants to be given them. */
import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

export const MODEL_FOLDER = fileURLToPath(new URL('./model/', import.meta.url))

export async function readModel() {
  const entries = await readdir(MODEL_FOLDER, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile() && /\.(js|yml)$/.test(entry.name))
  return Promise.all(
    files.map(async ({ parentPath, name }) => ({
      // Relative, because a model file finds another as './words' from the model's root, wherever it lies itself.
      fileName: relative(MODEL_FOLDER, join(parentPath, name)),
      content: await readFile(join(parentPath, name), 'utf8'),
    })),
  )
}
