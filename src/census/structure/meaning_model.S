/* The meaning model, linked into the program as it stands in data/meaning/meaning.model. */
    .section .rodata
    .global sealift_meaning_model_begin
    .global sealift_meaning_model_end
    .balign 16
sealift_meaning_model_begin:
    .incbin SEALIFT_MEANING_MODEL
sealift_meaning_model_end:
    .byte 0
    .section .note.GNU-stack,"",%progbits
