/** A source as it is in the package: without types, which Node strips nowhere in node_modules, and in that program's words. */
import { stripTypeScriptTypes } from 'node:module';

const isSource = (file: string) => /^(?:interop|contracts)\/.*\.ts$/.test(file);

export const built = {
  /** What the file is called there. */
  name: (file: string) => (isSource(file) ? file.replace(/\.ts$/, '.js') : file),

  /** It is another one there. */
  isChanged: (file: string) =>
    isSource(file) || /^interop\/.*\.mjs$|^contracts\/[^/]+\/contract\.yaml$/.test(file),

  /** Its text there. Throws when it has what no stripping removes. */
  content(file: string, text: string): string {
    if (file.endsWith('contract.yaml')) return text.replace(/^(scenarios: .*)\.ts$/m, '$1.js');
    const code = isSource(file) ? stripTypeScriptTypes(text) : text;
    const said = withOwnWords(withExtensions(code));
    return file === 'interop/cli/help.ts' ? realigned(said) : said;
  },
};

/** Modules import each other by the names of their files. */
export function withExtensions(code: string): string {
  return code.replaceAll(/(\bfrom\s*|\bimport\s*\(?\s*)'(\.[^']*)\.ts'/g, "$1'$2.js'");
}

const inProject = 'npm run interop --';
const inPackage = 'npx stitch';

/** How it is called there, and where it leaves what it leaves. */
function withOwnWords(code: string): string {
  return code.replaceAll(/npm run interop( --)?/g, inPackage).replaceAll('interop/out', 'stitch-out');
}

/** What continues a line of usage stands where the words in that line stand. */
function realigned(code: string): string {
  return code.replaceAll(/^ {31,}/gm, (blanks) => blanks.slice(inProject.length - inPackage.length));
}
