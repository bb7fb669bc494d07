package stitch.person

import ExpirementOuterClass.NameRequest
import ManageGrpcKt.ManageCoroutineStub
import io.grpc.StatusException
import java.util.concurrent.TimeUnit.SECONDS

private const val TIMEOUT_SECONDS = 10L

/**
 * Prints the row of each name at each address, or its status on standard error; of several addresses, each before what
 * is there. Returns whether every one was OK.
 */
suspend fun lookUp(addresses: List<String>, names: List<String>): Boolean =
    addresses.count { address ->
        val isOneOfMany = addresses.size > 1
        if (isOneOfMany) println(address)
        val manage = ManageCoroutineStub(plaintext(address))
        names.count { !manage.printRow(it, if (isOneOfMany) "$address: " else "") } > 0
    } == 0

private suspend fun ManageCoroutineStub.printRow(name: String, before: String): Boolean =
    try {
        val row = withDeadlineAfter(TIMEOUT_SECONDS, SECONDS).pickOne(NameRequest.newBuilder().setName(name).build())
        println("Expirement:\n---Name:${row.name} \n---ID:${row.id} \n---Skill:${row.skill}")
        true
    } catch (failed: StatusException) {
        System.err.println("$before${sentence(failed.status)}")
        false
    }
