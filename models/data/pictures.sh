#!/bin/sh
# pictures.sh [--small] [FOLDER] - colour pictures of shapes, textures and text:
#
#   pictures32/{data_batch_1..5,test_batch}.bin   20,000 + 4,000 of 32x32, ten classes, in
#                                                 CIFAR's binary form
#   pictures150/{train,valid,test}/CLASS/*.png    2,000 + 400 + 400 of 150x150, the same ten
#   writing96/{train,valid,test}-{images,labels}  4,000 + 400 + 1,000 of 96x96: is there
#                                                 writing?
#
# Train and valid are drawn with fonts of DejaVu and one hand, test with fonts of Liberation,
# FreeFont and Roboto and the other hand of pictures.c.
. "$(dirname "$0")/generate.sh"
have writing96/test-labels && exit 0
fonts=/usr/share/fonts/truetype
seen=$(ls $fonts/dejavu/*.ttf 2>/dev/null | grep -v Math || true)
held=$(ls $fonts/liberation/*.ttf $fonts/freefont/*.ttf $fonts/roboto/unhinted/RobotoTTF/*.ttf \
    2>/dev/null || true)
for package in dejavu:fonts-dejavu-core liberation:fonts-liberation freefont:fonts-freefont-ttf \
    roboto:fonts-roboto-unhinted; do
    [ -d $fonts/${package%:*} ] ||
        { echo "pictures.sh: please install the package ${package#*:}" >&2; exit 1; }
done
[ -e /usr/include/freetype2/ft2build.h ] ||
    { echo "pictures.sh: please install the package libfreetype-dev" >&2; exit 1; }
build pictures -I/usr/include/freetype2 -lfreetype -lz
mkdir -p "$into/pictures32" "$into/pictures150" "$into/writing96"
for i in 1 2 3 4 5; do
    "$work/pictures" cifar 32 "$(count 4000)" $i "$into/pictures32/data_batch_$i.bin" $seen
done
"$work/pictures" cifar 32 "$(count 4000)" 1000 "$into/pictures32/test_batch.bin" $held
"$work/pictures" png 150 "$(count 2000)" 11 "$into/pictures150/train" $seen
"$work/pictures" png 150 "$(count 400)" 12 "$into/pictures150/valid" $seen
"$work/pictures" png 150 "$(count 400)" 1001 "$into/pictures150/test" $held
"$work/pictures" writing 96 "$(count 4000)" 21 "$into/writing96/train" $seen
"$work/pictures" writing 96 "$(count 400)" 22 "$into/writing96/valid" $seen
"$work/pictures" writing 96 "$(count 1000)" 1002 "$into/writing96/test" $held
