"""Instructions with responses that belong to them: short, our own, one fact or one piece of advice each."""

_LINES = """
Why is the sky blue?
Air scatters the short waves of sunlight more than the long ones, so blue light reaches us from all sides.
How do I boil an egg so that the yolk stays soft?
Put it into boiling water for six minutes, then cool it under the cold tap and peel it.
What causes the tides?
The moon pulls on the oceans, and as the Earth turns, coasts pass through the bulges that this raises.
Explain what a prime number is.
It is a whole number above one that only one and the number itself divide without a remainder.
Give a tip for falling asleep faster.
Keep the bedroom dark and cool, and put your phone away an hour before you lie down.
How does a refrigerator keep food cold?
A pump drives a coolant round a loop; it evaporates inside the box, takes heat, and gives it off behind.
What is the capital of Japan, and what is it known for?
Tokyo is the capital, known for its crowded crossings, its trains, its temples and its sushi.
Why do cats purr?
Cats purr when they are content, but also when they are hurt or afraid, perhaps to calm themselves.
Suggest a simple breakfast with oats.
Cook the oats in milk for five minutes, and stir in a sliced banana and a spoon of honey.
What does a library do in programming?
It is code that others have written and that your program can call, so that you need not write it again.
How can I remove a red wine stain from a shirt?
Blot it at once, cover it with salt, and rinse the cloth in cold water before you wash it.
Who was Marie Curie?
She was a physicist and chemist who found radium and polonium and won two Nobel Prizes.
What is photosynthesis?
Plants use sunlight to turn carbon dioxide and water into sugar, and give off oxygen.
Describe how a bicycle stays upright.
A moving bicycle leans and its front wheel steers into the lean, which brings the wheels back under the rider.
Write a polite sentence to decline a meeting.
Thank you for the invitation, but I am unable to attend the meeting on that day.
How do vaccines protect us?
They show the immune system a harmless part of a germ, so that it can make antibodies before a real infection.
What is inflation in economics?
Prices rise over time, so that the same amount of money buys fewer goods than before.
Give advice for a job interview.
Read about the company beforehand, arrive early, and prepare examples of problems you have solved at work.
Why do leaves change colour in autumn?
As the days grow short, trees break down their green chlorophyll, and the yellow and red pigments show.
How is cheese made?
Milk is curdled with rennet, the curds are pressed to drive out the whey, and the cheese is left to ripen.
What is the difference between a virus and a bacterium?
A bacterium is a living cell that antibiotics can kill; a virus is smaller and multiplies inside cells.
How do I water a cactus?
Soak the soil, let it dry out completely, and wait a few weeks; in winter the cactus needs hardly any water.
What is a black hole?
It is a region where gravity is so strong that nothing, not even light, can escape from it.
Name the planets of the solar system in order.
Mercury, Venus, Earth, Mars, Jupiter, Saturn, Uranus and Neptune, counted from the Sun.
How do I change a flat tyre?
Loosen the nuts, lift the car with a jack, swap the wheel for the spare, and tighten the nuts crosswise.
What makes bread rise?
Yeast eats the sugar in the dough and gives off carbon dioxide, whose bubbles make the bread rise.
Explain what DNA is.
DNA is a long molecule in every cell that carries the genes, written in four chemical letters.
How can I save money on heating?
Seal the draughts around windows and doors, and turn the thermostat down a degree at night.
Who wrote Hamlet, and what is it about?
William Shakespeare wrote it; a Danish prince seeks revenge for the murder of his father, the king.
What is a haiku?
It is a Japanese poem of three lines with five, seven and five syllables, often about nature.
How do bees make honey?
They gather nectar from flowers, pass it from mouth to mouth, and fan it in the comb until it thickens.
Why does ice float on water?
Water expands when it freezes, so ice is less dense than the liquid and floats on top.
What should I pack for a day hike?
Take water, snacks, a map, a rain jacket and sturdy shoes, and tell someone which trail you walk.
Explain the rules of chess in one sentence.
Two players move their pieces in turn, and whoever traps the other king in checkmate wins.
How do I make a strong password?
Use a long phrase of random words, a different one for every account, and keep them in a password manager.
What is the Great Wall of China?
It is a series of walls and forts that Chinese dynasties built to keep invaders from the north out.
Why do we have leap years?
The Earth needs a quarter of a day over 365 to go round the Sun, so a day is added every four years.
How can I learn to play the guitar?
Begin with three easy chords, practise changing between them for fifteen minutes a day, and play simple songs.
What is democracy?
It is a form of government in which the citizens choose their leaders in free elections.
How does a microwave oven heat food?
It sends out radio waves that make the water molecules in the food turn, which heats it.
Recommend an exercise for a sore back.
Lie on your back, pull your knees gently to your chest, and hold the stretch for thirty seconds.
What is the function of the heart?
The heart is a muscle that pumps blood through the arteries, to bring oxygen to the body.
How do I grow tomatoes on a balcony?
Plant them in a deep pot, give them six hours of sun, water them daily, and tie the stems to a stick.
Why is the sea salty?
Rivers wash minerals out of the rocks into the sea, and when the water evaporates the salt stays behind.
What is a metaphor? Give an example.
A metaphor says that one thing is another to compare the two, as in 'time is a thief'.
How do earthquakes happen?
Plates of the Earth's crust stick and bend at a fault until they slip, and the ground shakes.
What does a firewall do?
It watches the traffic of a network and blocks connections that its rules do not allow.
How do I calm a crying baby?
Check whether the baby is hungry or wet, then hold it close, rock it slowly and sing softly.
What is the Pythagorean theorem?
In a right triangle the square of the hypotenuse equals the sum of the squares of the other two sides.
Why do birds migrate?
Birds fly south when food grows scarce in winter, and return in spring to breed.
How do I write a good summary of an article?
Read it twice, note the main point of every paragraph, and put these into a few sentences of your own words.
What is compost good for?
Compost feeds the soil with nutrients from kitchen scraps and leaves, and helps it to hold water.
How does a solar panel work?
Light knocks electrons loose in layers of silicon, and the panel leads them off as an electric current.
Explain what a mortgage is.
It is a loan to buy a house, which the bank may take if the borrower does not pay it back.
What is the best way to clean a window?
Wipe the glass with soapy water, draw it off with a squeegee from top to bottom, and dry the edges.
Why do onions make us cry?
Cutting them frees a gas that stings the eyes, and tears come to wash it away.
Who painted the Mona Lisa, and where does it hang?
Leonardo da Vinci painted it, and it hangs in the Louvre in Paris.
What is the water cycle?
Water evaporates from the sea, forms clouds, falls as rain or snow, and flows back through rivers.
How do I tie a simple knot?
Make a loop with the rope, pass the end through the loop, and pull both ends tight.
What is the role of a judge in court?
The judge leads the trial, sees that the law is kept, and passes the sentence.
How can I improve my handwriting?
Write slowly, hold the pen loosely, and copy a page of letters every day on lined paper.
What is machine learning?
It lets computers find patterns in data and make predictions without being programmed for each case.
Why do stars twinkle?
Their light passes through moving layers of air, which bend it now this way and now that.
How do I cook rice?
Rinse the rice, add twice as much water, bring it to the boil, and let it simmer under a lid until it is dry.
What is a volcano?
It is an opening in the Earth's crust through which lava, ash and gases erupt.
Give a reason to drink enough water.
Even mild dehydration causes headaches and makes it hard to concentrate.
What is recursion in computer science?
A function calls itself on a smaller part of the problem until it reaches a base case.
How do dolphins find their prey?
Dolphins send out clicks and listen to the echoes, which tell them where the fish are.
How do I train a puppy to sit?
Hold a treat over its nose, say 'sit' as its bottom goes down, and reward the puppy at once.
What was the Industrial Revolution?
From the eighteenth century on, machines and steam engines moved work from cottages into factories.
Why is exercise good for the mind?
Moving the body releases endorphins, lowers stress, and improves sleep and mood.
How do I read a map?
Turn it so that its north points north, find where you are, and compare the symbols with the legend.
What is gravity?
Gravity is the force by which masses attract each other; it keeps planets in orbit and our feet on the ground.
How are pearls formed?
An oyster covers a grain that irritates it with layer upon layer of smooth mother-of-pearl.
What does a verb do in a sentence?
A verb tells what the subject does or is, and changes its form with the tense.
How do I make lemonade?
Stir the juice of four lemons with sugar and a litre of cold water, and serve it over ice.
Why do we dream?
Nobody knows for sure, but dreams in sleep may help the brain to sort memories and feelings.
What is an ecosystem?
It is a community of plants and animals together with the soil, water and air in which they live.
How does Wi-Fi work?
A router turns data into radio waves, which the antenna of your laptop receives and turns back.
What are the benefits of reading to children?
Stories give children new words, train their attention, and make them love books.
How do I repair a dripping tap?
Turn off the water, unscrew the handle, replace the worn washer, and put the tap together again.
What is the stock market?
It is where investors buy and sell shares, small parts of companies, at prices that change every day.
Why do some metals rust?
Iron reacts with oxygen and water and forms a flaky red oxide; paint keeps the two away.
How do I plan a birthday party?
Set a date and a budget, send the invitations, order a cake, and choose some games for the guests.
What is the Amazon rainforest?
It is the largest tropical forest in the world, in South America, and home to millions of species.
How does a camera take a picture?
A lens throws light onto a sensor for a fraction of a second, which records its brightness and colour.
What is empathy?
Empathy is the ability to feel what another person feels and to see things from their side.
How do I brew good coffee?
Grind fresh beans, use water just below boiling, and let it run slowly through the filter.
Why do airplanes fly?
Their wings push the air downwards as they move, and the lift that this makes carries the plane.
What is a budget?
A budget is a plan of how much money comes in each month and what it will be spent on.
How do spiders make webs?
They draw silk from glands in the belly, stretch the first threads as a frame, and spin a sticky spiral.
What is the Roman Empire remembered for?
Rome is remembered for its roads, aqueducts, laws and legions, and for the Latin language.
How do I apologise to a friend?
Say plainly what you did wrong, tell your friend that you are sorry, and ask how you can make it good.
What is an atom made of?
An atom has a nucleus of protons and neutrons, around which electrons move.
How can a city reduce traffic?
Cheaper buses, safe lanes for bicycles and a charge for cars in the centre bring fewer vehicles there.
Why do we need sleep?
In sleep the body repairs its tissues and the brain stores what it has learnt during the day.
What is a sonnet?
It is a poem of fourteen lines with a fixed rhyme, and Shakespeare wrote 154 of them, many about love.
How do I protect my skin from the sun?
Put on sunscreen with a high factor every two hours, wear a hat, and stay in the shade at noon.
What does an architect do?
An architect designs buildings, draws the plans, and watches over their construction.
How do magnets work?
In a magnet the tiny fields of the atoms point the same way, so that its poles attract iron.
""".strip().splitlines()

PAIRS = tuple(zip(_LINES[::2], _LINES[1::2], strict=True))
"""(instruction, response)."""
