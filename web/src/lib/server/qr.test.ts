import jsQR from 'jsqr'
import { PNG } from 'pngjs'
import { expect, test } from 'vitest'
import { qrPng } from './qr.ts'

test('a QR code is a picture that another reader decodes to the same link', () => {
  for (const link of [
    'http://127.0.0.1:3000/r/YH7K2QA',
    'https://go.tributary.example/r/0123456789AB',
  ]) {
    const { data, width, height } = PNG.sync.read(qrPng(link))
    expect(jsQR(new Uint8ClampedArray(data), width, height)?.data).toBe(link)
  }
})
