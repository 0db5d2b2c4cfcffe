#!/bin/sh
# words.sh [--small] [FOLDER] - ten spoken words, other words and silence, one second of
# 16 kHz each, as WAV files in a folder a class: words/{train,valid,test}/CLASS/*.wav.
#
# Train and valid are spoken by espeak-ng in many voices, accents, speeds and pitches (valid:
# voices that train lacks); test by flite, another synthesizer. sox makes 16 kHz of both;
# words.c places a word in its second, sets its loudness and adds noise of a room.
. "$(dirname "$0")/generate.sh"
have words/test/11_silence && exit 0
tool espeak-ng espeak-ng
tool flite flite
tool sox sox
build words
words="yes no up down left right on off stop go"
others="bed bird cat dog happy house marvin sheila tree wow zero three seven forward visual"
mkdir -p "$work/said"

# many CLASS_WORDS...: lines `class word`, 10 known words and one class of others
lines() {
    class=0
    for word in $words; do echo "0${class}_$word $word"; class=$((class + 1)); done
    for word in $others; do echo "10_other $word"; done
}

# say SPLIT VOICES SPEEDS PITCHES: espeak-ng's clips of a split
say() {
    split=$1
    for voice in $2; do for speed in $3; do for pitch in $4; do
        lines | while read -r class word; do
            espeak-ng -v "$voice" -s "$speed" -p "$pitch" -w "$work/clip.wav" "$word" 2>/dev/null
            mkdir -p "$work/said/$split/$class"
            sox "$work/clip.wav" -c 1 -r 16000 -b 16 -e signed-integer -t raw -D \
                "$work/said/$split/$class/$word.$voice.$speed.$pitch.raw" 2>/dev/null
        done
    done; done; done
}

# say_flite: the test's clips
say_flite() {
    for voice in $1; do for stretch in $2; do for pitch in $3; do
        lines | while read -r class word; do
            flite -voice "$voice" --setf duration_stretch=$stretch --setf int_f0_target_mean=$pitch \
                -t "$word" -o "$work/clip.wav"
            mkdir -p "$work/said/test/$class"
            sox "$work/clip.wav" -c 1 -r 16000 -b 16 -e signed-integer -t raw -D \
                "$work/said/test/$class/$word.$voice.$stretch.$pitch.raw" 2>/dev/null
        done
    done; done; done
}

accents="en-us en-gb en-gb-scotland en-029 en-gb-x-rp en-gb-x-gbcwmd"
train=
for accent in $accents; do
    for voice in m1 m2 m3 m5 f1 f2 f3 f5; do train="$train $accent+$voice"; done
done
if [ -n "$small" ]; then
    say train "en-us en-gb en-us+f2 en-gb+f4" "150" "50"
    say valid "en-us+m4" "160" "40"
    say_flite "slt kal16" "1" "110"
else
    say train "$train" "130 175" "35 65"
    say valid "en-us+m4 en-gb+f4 en-gb-scotland+m7 en-029+m6" "140 170" "45"
    say_flite "kal16 awb rms slt" "0.85 1 1.2" "95 130"
fi
mkdir -p "$into/words"
# Each clip is placed once or twice; `words` adds silence of as many clips as a word has.
for part in train:1:1 valid:2:1 test:1000:1; do
    split=${part%%:*} rest=${part#*:}
    (cd "$work/said/$split" && find . -name '*.raw' | LC_ALL=C sort) >"$work/list"
    "$work/words" "$work/said/$split" "${rest%:*}" "${rest#*:}" "$into/words/$split" <"$work/list"
done
