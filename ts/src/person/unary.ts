// What a person's calls have in common.
import * as grpc from '@grpc/grpc-js';

/** A channel to "127.0.0.1:6000", not encrypted. */
export function connect(address: string): grpc.Client {
  // Otherwise http_proxy is obeyed, even for 127.0.0.1.
  return new grpc.Client(address, grpc.credentials.createInsecure(), { 'grpc.enable_http_proxy': 0 });
}

/** Makes an unary call; rejects with "NOT_FOUND: expirement not found" and the like. */
export function callUnary<Request, Response>(
  client: grpc.Client,
  { path, requestSerialize, responseDeserialize }: grpc.MethodDefinition<Request, Response>,
  request: Request,
  timeoutMs: number,
): Promise<Response> {
  const options = { deadline: Date.now() + timeoutMs };
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, options, (error, reply) => {
      if (error === null) resolve(reply as Response);
      else reject(new Error(`${grpc.status[error.code]}: ${error.details}`));
    });
  });
}
