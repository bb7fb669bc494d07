// The client as a person runs it.
import { type ServiceError, status } from '@grpc/grpc-js';
import { createManageClient } from '../service/definition.ts';
import type { Expirement, ManageClient } from '../service/messages.ts';

const timeoutMs = 10_000;

/** Looks each name up and prints its row, or its status; gives the exit code. */
export async function lookUp(address: string, names: readonly string[]): Promise<number> {
  const client = createManageClient(address);
  let exitCode = 0;
  for (const name of names) {
    try {
      process.stdout.write(format(await pickOne(client, name)));
    } catch (error) {
      console.error(formatStatus(error as ServiceError));
      exitCode = 1;
    }
  }
  client.close();
  return exitCode;
}

function pickOne(client: ManageClient, name: string): Promise<Expirement> {
  return new Promise((resolve, reject) => {
    client.pickOne({ name }, { deadline: Date.now() + timeoutMs }, (error, row) => {
      if (row === undefined) reject(error);
      else resolve(row);
    });
  });
}

/** What a person reads; a blank follows the name and the id. */
export function format({ name, id, skill }: Expirement): string {
  return `Expirement:\n---Name:${name} \n---ID:${id} \n---Skill:${skill}\n`;
}

function formatStatus({ code, details }: ServiceError): string {
  return `${status[code]}: ${details}`;
}
