import encodeQR from 'qr'
import { PNG } from 'pngjs'

/** Large enough for a poster of a hand's width; a phone reads it from a screen as well. */
const MODULE_PX = 12
/** The standard's own: readers look for four empty modules around a code. */
const QUIET_MODULES = 4

/** Black on white whatever the theme: that is what cameras expect. */
export function qrPng(text: string): Buffer {
  const modules = encodeQR(text, 'raw', { ecc: 'medium', border: QUIET_MODULES })
  const width = modules.length * MODULE_PX
  const png = new PNG({ width, height: width, colorType: 0 })
  for (let y = 0; y < width; y += 1) {
    const row = modules[Math.floor(y / MODULE_PX)]
    for (let x = 0; x < width; x += 1) {
      const shade = row?.[Math.floor(x / MODULE_PX)] ? 0 : 255
      png.data.set([shade, shade, shade, 255], (y * width + x) * 4)
    }
  }
  return PNG.sync.write(png, { colorType: 0 })
}
