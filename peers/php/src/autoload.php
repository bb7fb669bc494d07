<?php

/** Finds classes without Composer: this program's, generated ones, gRPC's and protobuf's. */

declare(strict_types=1);

spl_autoload_register(static function (string $class): void {
    $file = strtr($class, '\\', '/') . '.php';
    $build = dirname(__DIR__) . '/build';
    $places = ["$build/generated/$file", "$build/grpc/src/php/lib/$file", "/usr/share/php/$file"];
    if (str_starts_with($class, 'Stitch\\')) {
        array_unshift($places, __DIR__ . substr($file, strlen('Stitch')));
    }
    foreach ($places as $place) {
        if (is_file($place)) {
            require $place;
            return;
        }
    }
});
