import Type, { type Static } from 'typebox'
import { BusinessDay, Id, Text, Timestamp } from '../lib/schema.ts'

export const Annotation = Type.Object({
  id: Id,
  at: Timestamp,
  text: Type.String(),
  written_by: Type.String(),
  written_at: Timestamp,
})

export const AnnotationQuery = Type.Object(
  { from: BusinessDay, to: BusinessDay },
  { additionalProperties: false },
)

export const NewAnnotation = Type.Object(
  { at: Timestamp, text: Text(200) },
  { additionalProperties: false },
)

export type Annotation = Static<typeof Annotation>
export type NewAnnotation = Static<typeof NewAnnotation>
