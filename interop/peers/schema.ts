/** What a JSON schema says against a file that a person writes. */
import { Ajv, type ErrorObject } from 'ajv';

/**
 * Makes what finds the problems of a content, each a clause that begins with its key; `whole` is what the
 * file is called.
 */
export function checkerOf(schema: object, whole: string): (content: unknown) => readonly string[] {
  // It is compiled at every start, for few files; that the schema is one is said by a test.
  const validate = new Ajv({
    allErrors: true,
    formats: { regex: true },
    validateSchema: false,
    meta: false,
    code: { optimize: false },
  }).compile(schema);
  return (content) => {
    if (validate(content)) return [];
    // A failed anyOf repeats what its branches have said already.
    const errors = (validate.errors ?? []).filter(
      (error, _, all) => error.keyword !== 'anyOf' || all.length === 1,
    );
    return errors.map((error) => describe(error, whole));
  };
}

function describe(error: ErrorObject, whole: string): string {
  const at = error.instancePath.slice(1).replaceAll('/', '.');
  const key = at === '' ? whole : at;
  switch (error.keyword) {
    case 'additionalProperties':
      return `${key}: unknown key ${JSON.stringify(error.params.additionalProperty)}`;
    case 'required':
      return `${key}: ${JSON.stringify(error.params.missingProperty)} is missing`;
    case 'enum':
      return `${key}: wanted one of ${(error.params.allowedValues as readonly string[]).join(', ')}`;
    default:
      return `${key}: ${error.message}`;
  }
}
