<?php

declare(strict_types=1);

namespace Stitch;

use Google\Protobuf\Internal\FileDescriptorSet;

/** The methods that can be called and are served, by path. */
final class Methods
{
    private const PLAIN = [Method::PICK_ONE => [false, false, '.NameRequest', '.Expirement']];

    /** @param array<string, array{bool, bool, string, string}> $kinds whether client and server stream, and the types */
    public function __construct(private array $kinds = [])
    {
        $this->kinds += self::PLAIN;
    }

    public function find(string $path): ?Method
    {
        return isset($this->kinds[$path]) ? new Method($path, ...$this->kinds[$path]) : null;
    }

    /**
     * Reads them from a serialized FileDescriptorSet; throws where it is none.
     *
     * @return array<string, array{bool, bool, string, string}>
     */
    public static function read(string $files): array
    {
        $set = new FileDescriptorSet();
        $set->mergeFromString($files);
        $kinds = [];
        foreach ($set->getFile() as $file) {
            foreach ($file->getService() as $service) {
                $name = ltrim("{$file->getPackage()}.{$service->getName()}", '.');
                foreach ($service->getMethod() as $method) {
                    $kinds["/$name/{$method->getName()}"] = [
                        $method->getClientStreaming(),
                        $method->getServerStreaming(),
                        $method->getInputType(),
                        $method->getOutputType(),
                    ];
                }
            }
        }
        return $kinds;
    }
}
