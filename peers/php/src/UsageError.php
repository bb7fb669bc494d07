<?php

declare(strict_types=1);

namespace Stitch;

/** Arguments that this program does not understand. */
final class UsageError extends \Exception
{
}
