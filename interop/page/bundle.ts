/** The results page: one HTML document that has all it needs but the events. */
export async function pageText(): Promise<string> {
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<meta charset="utf-8">',
    '<title>Stitch</title>',
    '<p>The page is not built yet. The events of the run are at <a href="/events">/events</a>.</p>',
    '</html>',
    '',
  ].join('\n');
}
