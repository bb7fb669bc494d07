<?php

/** The program. */

declare(strict_types=1);

use Stitch\Program;

// Standard output is for lines.
ini_set('display_errors', 'stderr');

require __DIR__ . '/autoload.php';

exit(Program::run(array_slice($argv, 1)));
