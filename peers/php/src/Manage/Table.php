<?php

declare(strict_types=1);

namespace Stitch\Manage;

use Expirement;

/** The table that every server knows. */
final class Table
{
    private const SKILLS = [
        'Cyber' => 'breaking',
        'Shrink' => 'short-flying',
        'Doubledip' => 'filting anying',
        'Howcome' => 'making why',
        'Squawk' => 'advanced language skill',
        'Truxx' => 'seting up heavy machine',
        'Gigi' => 'touching ur heart',
        'Stitch' => 'making annoyed noise',
    ];

    /** Returns the row of exactly that name: case, blanks and Unicode form count. */
    public static function find(string $name): ?Expirement
    {
        $id = array_search($name, array_keys(self::SKILLS), true);
        return $id === false ? null : new Expirement(['name' => $name, 'id' => $id, 'skill' => self::SKILLS[$name]]);
    }
}
