package stitch.manage

import ExpirementOuterClass.Expirement

/** The rows that every server knows. */
val table: List<Expirement> =
    listOf(
        row(0, "Cyber", "breaking"),
        row(1, "Shrink", "short-flying"),
        row(2, "Doubledip", "filting anying"),
        row(3, "Howcome", "making why"),
        row(4, "Squawk", "advanced language skill"),
        row(5, "Truxx", "seting up heavy machine"),
        row(6, "Gigi", "touching ur heart"),
        row(7, "Stitch", "making annoyed noise"),
    )

private fun row(id: Int, name: String, skill: String): Expirement =
    Expirement
        .newBuilder()
        .setId(id)
        .setName(name)
        .setSkill(skill)
        .build()
